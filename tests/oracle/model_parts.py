"""Model parts: what generated models are put together from."""

from __future__ import annotations

from dataclasses import dataclass, field

ENTRY_NAMES = ("Post", "Author", "Recipe", "Place", "BlogNote", "Category")
GROUPED_NAMES = ("Tag", "Topic")
SCALARS = {
    "title": "String",
    "subTitle": "String",
    "summary": "String",
    "code": "ID",
    "rating": "Int",
    "price": "Float",
    "isFeatured": "Boolean",
    "day": "Date",
    "updatedOn": "DateTime",
    "link": "Url",
    "mood": "Mood",
}
DEFAULTS = {"String": '"as ever"', "Int": "3", "Float": "0.5", "Boolean": "false", "Mood": "CALM"}
CHECKS = {
    "rating": ("min: 1, max: 5", "max: 5, level: WARNING"),
    "title": ("max: 40", 'like: "*", level: WARNING'),
    "link": ("max: 60, level: WARNING",),
    "price": ("min: 0",),
}
GROUPS = """
type Seo { title: String description: String! @default(value: "") noIndex: Boolean! @default(value: false) }
type Link { label: String! url: Url! }
type Pair { first: String! @from(key: "first") @from(key: ".") second: Int }
type Room { name: String! seats: Int }
type Stage { position: Int! label: String! day: Date text: RichText }
type Quote @is(value: "the-quote") { words: String! by: String }
type Gallery { pictures: [Image!]! caption: Text }
type Text { en: String de: String }
enum Mood { CALM WILD VERY_SAD @is(value: "very sad+") }
union Block @block(key: "_kind") = Quote | Gallery
"""


@dataclass
class TypeText:
    """A type in the making: what stands on it, its fields' lines by name, where its references lead by their paths."""

    name: str
    form: str
    directives: str
    key: str = "slug"
    fields: dict[str, str] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def single_keys(self) -> list[str]:
        """The fields that name an entry alone."""
        return [name for name, line in self.fields.items() if " @key" in line]

    def text(self) -> str:
        """Return the type as a model declares it."""
        lines = "\n".join(f"  {name}: {line}" for name, line in self.fields.items())
        return f"type {self.name} {self.directives} {{\n{lines}\n}}"
