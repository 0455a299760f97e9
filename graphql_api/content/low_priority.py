"""Imported first by the process that the processes that read seeds are forked from: a low priority for all of them.

They get a session of their own, so that one change holds for all, and for none of whoever started the load.
"""

import os

from graphql_api.priority import lower_priority

os.setsid()
lower_priority()
