"""Model groups: generated groups that lead to entries; nested, in lists and unions, and used by several fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from tests.oracle.model_parts import TypeText

_WITH_FILES = ("file", "data", "items")


class Groups:
    """Adds groups to types: a credit leads to entries, a part holds credits, a block is one of several."""

    def __init__(self, draw: random.Random, types: list[TypeText]) -> None:
        """Take the types that references can lead to from these."""
        self._draw = draw
        self._types = types
        self._texts: list[str] = []

    def text(self) -> str:
        """Return all groups that were added, as a model declares them."""
        return "\n".join(self._texts)

    def add_to(self, type_: TypeText) -> None:
        """Add some groups to a type, and fields of them; the references in them are known to it (`more`)."""
        credit = f"{type_.name}Credit"
        led = self._declare(credit, [*self._values(), *self._references()])
        part, of_part = self._part(type_, credit) if self._chance(0.5) else ("", {})
        if not part or self._chance(0.5):
            # Two fields of one group: what is stored of one must not be that of the other.
            self._use(type_, "credit", f"{credit}{self._either('', '!')}", led)
            self._use(type_, "coCredit", self._either(credit, f"[{credit}!]!"), led)
        if part:
            inner = of_part | {f"{name}.{path}": target for name in ("main", "others") for path, target in led.items()}
            if "inner" in of_part:
                inner.pop("inner")
                inner |= {f"inner.{path}": target for path, target in inner.items()}
            if self._chance(0.6):
                self._use(type_, "part", f"{part}{self._either('', '!')}", inner)
            else:
                self._use(type_, "parts", f"[{part}!]!{self._either('', ' @check(level: WARNING)')}", inner)
        if self._chance(0.5):
            self._block(type_, credit)

    def _part(self, type_: TypeText, credit: str) -> tuple[str, dict[str, str]]:
        """Return the name of a new group, and where references in it lead; "inner" if it holds itself."""
        name = f"{type_.name}Part"
        itself = self._chance(0.3)
        fields = [f"label: String main: {credit}{self._either('', '!')} others: [{credit}!]!"]
        fields += [f"inner: [{name}!]!"] if itself else []
        led = self._declare(name, [*fields, *(self._references() if self._chance(0.5) else [])])
        return name, led | ({"inner": ""} if itself else {})

    def _block(self, type_: TypeText, credit: str) -> None:
        name, mention = f"{type_.name}Block", f"{type_.name}Mention"
        self._declare(mention, [f"note: String credit: {credit}", *self._references()], ' @is(value: "a mention")')
        self._declare(f"{type_.name}Aside", ["note: String text: RichText", *self._values()])
        self._texts.append(f'union {name} @block(key: "kind") = {mention} | {type_.name}Aside')
        type_.fields["content"] = self._either(name, f"[{name}!]!", f"[{name}!]! @check(level: WARNING)")

    def _values(self) -> list[str]:
        choices = (
            "role: String",
            "paper: File",
            "data: JSON",
            "moment: DateTime",
            "share: Float @default(value: 0.5)",
            "photos: [Image!]!",
            "mood: Mood! @default(value: WILD)",
            "code: ID",
        )
        return self._draw.sample(choices, self._draw.randint(1, 4))

    def _references(self) -> list[str]:
        """Return fields that lead to entries, singly and in lists."""
        found = []
        targets = [each for each in self._types if each.form in _WITH_FILES]
        for name in self._draw.sample(("who", "whom", "sources", "seen"), self._draw.randint(1, 3)):
            target, is_list = self._draw.choice(targets), name in {"sources", "seen"}
            missing = self._either("", "", "missing: ERROR")
            if name == "whom" and self._chance(0.5):
                missing = "missing: KEEP"
                found.append(f'state: ReferenceStatus{self._either("", "!")} @from(field: "whom")')
            by = f'by: "{self._draw.choice(target.single_keys)}"' if self._chance(0.5) else ""
            arguments = ", ".join(filter(None, (by, missing)))
            needed = "!" if "ERROR" in missing and not is_list and self._chance(0.3) else ""
            line = f"[{target.name}!]!" if is_list else f"{target.name}{needed}"
            default = ' @default(value: "alpha")' if name == "who" and not needed and self._chance(0.3) else ""
            found.append(f"{name}: {line}{default}{f' @ref({arguments})' if arguments else ''}")
        for target in self._types:
            if target.form == "grouped" and self._chance(0.6):
                found.append(f"about: {self._either(target.name, f'[{target.name}!]!')}")
                break
        return found

    def _declare(self, name: str, fields: list[str], directives: str = "") -> dict[str, str]:
        """Keep a group; return the target of each reference in it by the field's name."""
        self._texts.append(f"type {name}{directives} {{ {' '.join(fields)} }}")
        known = {each.name for each in self._types}
        lines = (each.split(": ", 1) for each in fields)
        kinds = {field: line.split(" ")[0].strip("[]!") for field, line in lines}
        return {field: kind for field, kind in kinds.items() if kind in known}

    @staticmethod
    def _use(type_: TypeText, name: str, line: str, led: dict[str, str]) -> None:
        type_.fields[name] = line
        type_.more.update({f"{name}.{path}": target for path, target in led.items()})

    def _either(self, *texts: str) -> str:
        return self._draw.choice(texts)

    def _chance(self, chance: float) -> bool:
        return self._draw.random() < chance
