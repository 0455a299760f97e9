"""The client that ariadne-codegen has made asks: typed arguments, typed answers, null for what is not there."""

import datetime as dt
import os

from content_client import Client
from content_client.input_types import DateFilter, QuestionFilter

client = Client(url=os.environ["GRAPHQL_API_URL"])
newest = client.newest(first=2).questions
assert len(newest.nodes) == 2 <= newest.total_count
card = newest.nodes[0]
assert isinstance(card.date, dt.date)
assert isinstance(card.updated_at, dt.datetime)
assert card.updated_at.tzinfo is not None
_, _, subject, _, slug = card.url.split("/")
page = client.page(subject=subject, slug=slug).question
assert page is not None
assert (page.id, page.title) == (card.id, card.title)
assert page.answer.html
assert client.page(subject=subject, slug="there-is-none").question is None
until_then = QuestionFilter(date=DateFilter(lte=dt.date(2023, 12, 31)))
older = client.newest(first=100, filter_=until_then).questions
assert 0 < older.total_count < newest.total_count
assert all(each.date.year < 2024 for each in older.nodes)
print("ariadne-codegen is fine")
