"""Models: generated ones, small, with everything that a model can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.model_extras import Extras
from tests.oracle.model_groups import Groups
from tests.oracle.model_parts import CHECKS, DEFAULTS, ENTRY_NAMES, GROUPED_NAMES, GROUPS, SCALARS, TypeText

if TYPE_CHECKING:
    import random


def model_text(draw: random.Random) -> str:
    """Return the text of a model, the same for the same state of `draw`."""
    return _Maker(draw).text()


class _Maker:
    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._types: list[TypeText] = []
        self._groups = ""

    def text(self) -> str:
        names = self._draw.sample(ENTRY_NAMES, self._draw.choice((1, 1, 1, 2, 2, 3)))
        grouped = self._draw.sample(GROUPED_NAMES, self._draw.choice((0, 1, 1, 2)))
        self._types = [self._with_files(name) for name in names] + [self._grouped(name) for name in grouped]
        if self._chance(0.25):
            self._types.append(TypeText("Site", "singleton", f'@singleton(file: "site{self._ending()}")', ""))
        extras = Extras(self._draw)
        for type_ in self._types:
            self._add_values(type_)
            extras.add_to(type_)
        groups = Groups(self._draw, self._types)
        for type_ in self._types:
            self._add_references(type_)
            if type_.form != "grouped" and self._chance(0.35):
                groups.add_to(type_)
        for type_ in self._types:
            self._add_followers(type_)
            extras.add_page(type_)
        return "\n".join((*(type_.text() for type_ in self._types), self._groups, groups.text(), GROUPS))

    # Types

    def _with_files(self, name: str) -> TypeText:
        folder = f"{name.lower()}s"
        plural = f', plural: "all{name}"' if self._chance(0.1) else ""
        ignore = ', ignore: ["_schema", "seo.robots"]' if self._chance(0.3) else ""
        form = self._draw.choice(("file", "file", "file", "data", "items"))
        if form == "items":
            glob, each = f"{folder}{self._ending()}", ", each: ITEM"
        else:
            deep = "**/" if self._chance(0.4) else ""
            ending = self._draw.choice((".md", ".md", ".markdown", ".mdx")) if form == "file" else self._ending()
            glob, each = f"{folder}/{deep}*{ending}", ""
        out = f', "!{folder}/**/draft-*"' if "*" in glob and self._chance(0.2) else ""
        type_ = TypeText(name, form, f'@content(files: ["{glob}"{out}]{each}{plural}{ignore})')
        self._add_keys(type_, glob)
        return type_

    def _add_keys(self, type_: TypeText, glob: str) -> None:
        part = "KEY" if type_.form == "items" else self._draw.choice(("NAME", "NAME", "ROUTE", "PATH"))
        first = '@from(key: "slug") ' if self._chance(0.3) else ""
        slug = f"String! {first}@from(file: {part}) @key{self._asked('filter', 'order')}"
        url = f'String! @from(template: "/{type_.name.lower()}/{{slug}}") @key{self._asked("filter", "order")}'
        keys = [("slug", slug), ("url", url)] if self._chance(0.5) else [("slug", slug)]
        if self._chance(0.3):
            keys.reverse()
        type_.fields.update(keys)
        type_.key = keys[0][0]
        if "**" in glob and self._chance(0.4):
            type_.fields["section"] = f"String! @from(file: FOLDER){self._asked('filter', 'facet')}"
            type_.directives += ' @key(name: "place", fields: ["section", "slug"])'
        if type_.form == "file" and self._chance(0.3):
            type_.fields["path"] = f"String! @from(file: PATH){self._asked('filter')}"

    def _grouped(self, name: str) -> TypeText:
        content = f'@content(files: ["{name.lower()}s{self._ending()}"], each: ITEM) ' if self._chance(0.35) else ""
        type_ = TypeText(name, "grouped", f"{content}@grouped")
        slugged = "@from(slug: true) " if self._chance(0.6) and not content else ""
        from_item = '@from(key: "slug") @from(file: KEY) ' if content else ""
        type_.fields["slug"] = f"String! {slugged}{from_item}@key{self._asked('order')}"
        named_by = '@from(key: "shelf") ' if self._chance(0.3) and not content else ""
        type_.fields["title"] = (
            f"String{'!' if self._chance(0.7) else ''} {named_by}{self._asked('order', 'filter', 'search')}"
        )
        if self._chance(0.3):
            type_.fields["color"] = "String"
        return type_

    def _ending(self) -> str:
        return self._draw.choice((".yml", ".yaml", ".json", ".toml"))

    # Values

    def _add_values(self, type_: TypeText) -> None:
        if type_.form == "grouped":
            return
        for name in self._draw.sample(list(SCALARS), self._draw.randint(2, 6)):
            type_.fields[name] = self._scalar(name, SCALARS[name])
        others = [self._body, self._lists, self._groups_of, self._media]
        for add in self._draw.sample(others, self._draw.randint(1, 3)):
            add(type_)
        self._default_order(type_)

    def _scalar(self, name: str, kind: str) -> str:
        line = kind
        if self._chance(0.4):
            line += "!"
        if kind in DEFAULTS and self._chance(0.3):
            line += f" @default(value: {DEFAULTS[kind]})"
        if self._chance(0.15):
            line += f' @from(key: "{name.lower()}_as_written") @from(key: "more.{name.lower()}")'
        elif kind == "String" and self._chance(0.1):
            line += f' @from(key: "{name}", like: "{{}}: *") @from(key: "{name}")'
        elif kind == "String" and self._chance(0.1):
            line += f' @from(key: "{name}", escapes: true)'
        if name in CHECKS and self._chance(0.4):
            line += f" @check({self._draw.choice(CHECKS[name])})"
        line += self._asked("filter", "order")
        if kind in {"Date", "DateTime"}:
            return line + (" @facet(by: YEAR)" if kind == "Date" and self._chance(0.5) else "")
        if kind in {"String", "Mood", "Boolean", "Int"}:
            line += self._asked("facet")
        return line + (self._asked("search") if kind == "String" else "")

    def _body(self, type_: TypeText) -> None:
        if type_.form == "file":
            type_.fields["body"] = (
                f"RichText{'!' if self._chance(0.3) else ''} @from(file: BODY){self._asked('search')}"
            )
        type_.fields["note"] = "RichText" + (
            ' @from(key: "note", escapes: true)' if self._chance(0.4) else self._asked("filter", "search")
        )

    def _lists(self, type_: TypeText) -> None:
        split = ' @from(key: "words", split: ",")' if self._chance(0.4) else ""
        type_.fields["words"] = f"[String!]!{split}{self._asked('filter', 'facet', 'search')}"
        type_.fields["scores"] = f"[Int!]{'!' if self._chance(0.6) else ''}{self._asked('filter')}"
        type_.fields["feelings"] = f"[Mood!]! @check(level: WARNING){self._asked('filter', 'facet')}"
        if self._chance(0.3):
            type_.fields["days"] = "[Date!]!" + self._asked("filter")

    def _groups_of(self, type_: TypeText) -> None:
        choices = {
            "seo": f"Seo{self._draw.choice(('', '!'))}",
            "links": "[Link!]!" + self._draw.choice(("", " @check(level: WARNING)", " @filter")),
            "pairs": "[Pair!]!",
            "steps": '[Stage!]! @from(keys: "step{position}")' + self._draw.choice(("", " @check(level: WARNING)")),
            "rooms": '[Room!]! @from(keys: "rooms.{name}")',
            "blocks": f"[Block!]{self._draw.choice(('', '!'))}",
            "lead": "Block",
            "caption": "Text" + self._draw.choice(("", "!", " @filter")),
        }
        for name in self._draw.sample(list(choices), self._draw.randint(1, 4)):
            type_.fields[name] = choices[name]
        if "seo" not in type_.fields and self._chance(0.3):
            type_.fields["seoTitle"] = 'String @from(key: "seo.title") @filter'

    def _media(self, type_: TypeText) -> None:
        type_.fields["cover"] = "Image" + self._asked("filter")
        if self._chance(0.5):
            type_.fields["attachment"] = "File" + self._asked("filter")
        if self._chance(0.5):
            type_.fields["extra"] = "JSON" + self._asked("filter")

    def _default_order(self, type_: TypeText) -> None:
        ordered = [name for name, line in type_.fields.items() if " @order" in line]
        if ordered and self._chance(0.6):
            name = self._draw.choice(ordered)
            direction = self._draw.choice(("ASC", "DESC"))
            type_.fields[name] = type_.fields[name].replace(" @order", f" @order(default: {direction})")

    # References and what follows from them

    def _add_references(self, type_: TypeText) -> None:
        if type_.form == "grouped":
            return
        for target in self._types:
            if target.form == "singleton" or not self._chance(0.75):
                continue
            name = target.name[0].lower() + target.name[1:]
            if target.form == "grouped":
                self._refer_to_grouped(type_, target, name)
            elif target is type_:
                self._refer_to_itself(type_)
            else:
                self._refer(type_, target, name)
        if type_.form != "singleton" and self._chance(0.3):
            self._keep(
                type_, self._draw.choice([each for each in self._types if each.form in {"file", "data", "items"}])
            )

    def _refer_to_grouped(self, type_: TypeText, target: TypeText, name: str) -> None:
        if self._chance(0.5):
            split = self._draw.choice(("", "", "", f' @from(key: "{name}s", split: ",")'))
            type_.fields[f"{name}s"] = f"[{target.name}!]!{split}{self._asked('filter', 'facet')}{self._of(target)}"
            type_.more[f"{name}s"] = target.name
        else:
            taken = self._draw.choice(("", "", "", f' @from(key: "{name}", like: "{{}} *") @from(key: "{name}")'))
            needed = self._draw.choice(("", "", "!"))
            type_.fields[name] = f"{target.name}{needed}{taken}{self._asked('filter', 'facet')}{self._of(target)}"
            type_.more[name] = target.name

    def _refer(self, type_: TypeText, target: TypeText, name: str) -> None:
        if name.endswith("y"):
            name = f"{name}Ref"
        by = self._by(target)
        if self._chance(0.5):
            missing = self._draw.choice(("", "missing: ERROR"))
            name = f"{name}s"
            type_.fields[name] = (
                f"[{target.name}!]!{self._ref(by, missing)}{self._asked('filter', 'facet')}{self._of(target)}"
            )
        else:
            missing = self._draw.choice(("", "", "missing: ERROR", "missing: KEEP"))
            needed = "!" if "ERROR" in missing and self._chance(0.4) else ""
            if needed and type_.single_keys and self._chance(0.5):
                type_.directives += f' @key(name: "by{target.name}", fields: ["{name}", "slug"])'
            type_.fields[name] = (
                f"{target.name}{needed}{self._ref(by, missing)}{self._asked('filter', 'facet')}{self._of(target)}"
            )
        type_.more[name] = target.name

    def _refer_to_itself(self, type_: TypeText) -> None:
        many = self._chance(0.6)
        name = "related" if many else "parent"
        line = f"[{type_.name}!]!" if many else type_.name
        type_.fields[name] = line + self._ref(self._by(type_), self._draw.choice(("", "missing: ERROR")))
        type_.more[name] = type_.name
        if self._chance(0.7):
            type_.fields[f"near{type_.name}s"] = f'[{type_.name}!]! @walk(over: "{name}")'

    def _keep(self, type_: TypeText, target: TypeText) -> None:
        """Add a list of groups whose references are shown even where they lead nowhere."""
        group = f"{type_.name}Source"
        by = self._by(target)
        or_by = ', orBy: [["title"]]' if target.fields.get("title", "").startswith("String") else ""
        label = "title: String" if or_by else "label: String!"
        self._groups += (
            f'type {group} {{ {label} link: String status: ReferenceStatus @from(field: "to") '
            f'to: {target.name} @from(key: "link") @ref(by: "{by}"{or_by}, missing: KEEP) }}\n'
        )
        type_.fields["sources"] = f"[{group}!]! @check(level: WARNING){self._asked('filter')}"
        type_.more["sources.to"] = target.name

    def _by(self, target: TypeText) -> str:
        return self._draw.choice(target.single_keys)

    def _of(self, target: TypeText) -> str:
        is_called = target.fields.get("title", "").startswith("String")
        return f' @search(weight: {self._draw.randint(1, 5)}, of: "title")' if is_called and self._chance(0.2) else ""

    def _ref(self, by: str, missing: str) -> str:
        arguments = ", ".join(filter(None, (f'by: "{by}"', missing)))
        return f" @ref({arguments})"

    def _add_followers(self, type_: TypeText) -> None:
        if type_.form == "singleton":
            return
        for owner in self._types:
            for path, target in owner.more.items() if owner.form != "singleton" else ():
                if target == type_.name and self._chance(0.6):
                    self._follow(type_, owner, path)
        if type_.form != "grouped" and self._chance(0.5):
            self._add_siblings(type_)

    def _follow(self, type_: TypeText, owner: TypeText, path: str) -> None:
        name = owner.name[0].lower() + owner.name[1:] + "".join(part[0].upper() + part[1:] for part in path.split("."))
        if self._chance(0.7):
            type_.fields[f"{name}List"] = f'[{owner.name}!]! @back(of: "{owner.name}.{path}")'
        if self._chance(0.7):
            is_default = not any("default: " in line and "@order" in line for line in type_.fields.values())
            order = " @order(default: DESC)" if is_default and self._chance(0.2) else self._asked("order")
            type_.fields[f"{name}Count"] = f'Int! @back(of: "{owner.name}.{path}"){order}'

    def _add_siblings(self, type_: TypeText) -> None:
        sorted_by = [name for name, kind in SCALARS.items() if name in type_.fields and kind != "Boolean"]
        if not sorted_by:
            return
        by = ", ".join(f'"{name}"' for name in self._draw.sample(sorted_by, min(len(sorted_by), 2)))
        among = [
            name for name in (*SCALARS, *type_.more) if name in type_.fields and not type_.fields[name].startswith("[")
        ]
        within = f'in: "{self._draw.choice(among)}", ' if among and self._chance(0.5) else ""
        for name, step in (("nextOne", "NEXT"), ("previousOne", "PREVIOUS")):
            type_.fields[name] = f"{type_.name} @sibling({within}by: [{by}], step: {step})"

    def _asked(self, *names: str) -> str:
        return "".join(f" @{name}" for name in names if self._chance(0.4))

    def _chance(self, chance: float) -> bool:
        return self._draw.random() < chance
