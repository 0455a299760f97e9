"""Model extras: what few types have; dates in names of files, further keys, old urls, pages, lists of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.oracle.model_parts import TypeText


class Extras:
    """Adds rare fields and directives to types in the making."""

    def __init__(self, draw: random.Random) -> None:
        """Start without any."""
        self._draw = draw

    def add_to(self, type_: TypeText) -> None:
        """Add some, before the references of a type."""
        if type_.form == "grouped":
            self._grouped(type_)
            return
        adders = [self._dates, self._lists, self._kept_out, self._aliases, self._hidden, self._hidden, self._seen_twice]
        if type_.form != "singleton":
            adders.append(self._number)
        for add in self._draw.sample(adders, self._draw.choice((0, 1, 1, 1, 2))):
            add(type_)
        for name, line in type_.fields.items():
            if line.startswith("Text") and self._chance(0.3):
                type_.fields[name] += f' @search(of: "{self._draw.choice(("en", "de"))}")'

    def add_page(self, type_: TypeText) -> None:
        """Give a type pages, if it has addresses and says what they are about, or nothing that could say so."""
        fields = type_.fields
        about: list[str] = [name for name in ("summary", "note") if name in fields]
        about += ["seo.description"] if "seo" in fields else []
        if type_.form == "grouped" or "url" not in fields or not about or not self._chance(0.5):
            return
        title = self._draw.choice(
            [name for name in ("title", "subTitle", "slug", "seo.title") if name.split(".")[0] in fields]
        )
        arguments = [f'title: "{title}"', f'description: "{self._draw.choice(about)}"']
        arguments += ['image: "cover"'] if "cover" in fields else []
        type_.directives += f" @page({', '.join(arguments)})"
        if self._chance(0.4):
            type_.fields["unlisted"] = "Boolean! @default(value: false) @unlisted"

    def _dates(self, type_: TypeText) -> None:
        asked = self._asked("filter", "order", "facet(by: MONTH)")
        in_name = ' @from(key: "written") @from(file: NAME, like: "{????-??-??}-*")' if type_.form == "file" else ""
        type_.fields["written"] = f"Date{in_name}{asked}"
        part = self._draw.choice(("YEAR", "MONTH"))
        type_.fields["moved"] = (
            f'DateTime{self._draw.choice(("", "!"))} @facet(by: {part}, name: "moved{part.title()}")'
            + (self._asked("filter", "order"))
        )

    def _lists(self, type_: TypeText) -> None:
        choices = {
            "moments": "[DateTime!]! @filter",
            "shares": "[Float!]" + self._asked("filter"),
            "replies": "[Boolean!]!" + self._asked("filter", "facet"),
            "venues": "[Url!]! @check(level: WARNING)" + self._asked("filter", "facet"),
            "codes": '[ID!]! @default(value: ["c1", "c2"])' + self._asked("filter", "facet"),
            "grid": "[[Int!]!]!",
            "photos": "[Image!]!" + self._asked("filter"),
            "notes": "[RichText!]!" + self._asked("filter"),
        }
        for name in self._draw.sample(list(choices), self._draw.randint(1, 4)):
            type_.fields[name] = choices[name]

    def _kept_out(self, type_: TypeText) -> None:
        if self._chance(0.5):
            type_.fields["unlisted"] = "Boolean! @default(value: false) @unlisted @filter"
        else:
            type_.fields["isListed"] = "Boolean @unlisted(when: false)"

    def _aliases(self, type_: TypeText) -> None:
        if "url" in type_.fields:
            type_.fields["aliases"] = "[Url!]! @aliases" + self._asked("filter")

    def _number(self, type_: TypeText) -> None:
        line = f"Int! @key{self._asked('filter', 'order')}"
        if self._chance(0.3):
            type_.fields = {"number": line} | type_.fields
        else:
            type_.fields["number"] = line

    def _hidden(self, type_: TypeText) -> None:
        if self._chance(0.5):
            type_.fields["isDraft"] = "Boolean! @default(value: false) @hidden"
        else:
            type_.fields["isPublic"] = "Boolean @hidden(when: false)"

    def _seen_twice(self, type_: TypeText) -> None:
        if type_.fields.get("title", "").startswith("String!"):
            type_.fields["heading"] = f'String! @from(key: "heading") @from(field: "title"){self._asked("filter")}'

    def _grouped(self, type_: TypeText) -> None:
        if self._chance(0.3):
            type_.fields["weight"] = "Int" + self._asked("order", "filter")
        if "@content" in type_.directives and self._chance(0.4):
            type_.fields["text"] = "RichText" + self._asked("filter", "search")

    def _asked(self, *names: str) -> str:
        return "".join(f" @{name}" for name in names if self._chance(0.5))

    def _chance(self, chance: float) -> bool:
        return self._draw.random() < chance
