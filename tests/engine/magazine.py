"""A magazine: a model with a bit of everything that the built-in one has nothing of, and files for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.loading.site_folder import SiteFolder

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """
"What is read."
type Story @content(files: ["stories/*.md"]) @key(name: "place", fields: ["section", "number"]) {
  slug: String! @from(file: NAME) @key @filter
  url: Url! @from(template: "/stories/{slug}") @key
  title: String! @order @search(weight: 8)
  section: Section!
  number: Int! @filter
  published: DateTime! @filter @order(default: DESC) @facet(by: YEAR)
  updated: Date @facet(by: MONTH)
  editor: Person @ref(by: "email") @filter @facet
  authors: [Person!]! @filter @facet
  tags: [Tag!]! @filter @facet
  words: [String!]! @filter @facet
  moods: [Mood!]! @filter
  sizes: [Float!]! @filter
  cover: Image @filter
  paper: File
  extra: JSON
  related: [Story!]! @filter
  sequel: Story @ref(missing: KEEP)
  sequelStatus: ReferenceStatus! @from(field: "sequel")
  sources: [Source!]! @filter
  blocks: [Block!]!
  box: Box
  credits: Credits!
  body: RichText! @from(file: BODY) @search
  similar: [Story!]! @walk(over: "related")
  sequels: [Story!]! @walk(over: "sequel")
  cited: [Story!]! @walk(over: "sources.story")
  shown: [Story!]! @walk(over: "box.stories")
  newer: Story @sibling(by: ["published"], step: NEXT)
  older: Story @sibling(by: ["published"], step: PREVIOUS)
  nextInSection: Story @sibling(in: "section", by: ["title"])
  nextPage: Story @sibling(in: "section", by: ["number"])
  relatedBy: [Story!]! @back(of: "Story.related")
  prequels: [Story!]! @back(of: "Story.sequel")
  citedBy: [Story!]! @back(of: "Story.sources.story")
  citedByCount: Int! @back(of: "Story.sources.story")
  shownIn: [Story!]! @back(of: "Story.box.stories")
  alsoIn: [Story!]! @back(of: "Story.sources.also")
  thankedIn: [Story!]! @back(of: "Story.credits.thanks.about")
}
enum Mood { CALM WILD VERY_SAD @is(value: "very sad") }
type Person @content(files: ["people.yml"], each: ITEM) {
  slug: String! @from(file: KEY) @key
  email: String! @key
  name: String! @order(default: ASC) @search
  bio: RichText
  edited: [Story!]! @back(of: "Story.editor")
  editedCount: Int! @back(of: "Story.editor") @order
  stories: [Story!]! @back(of: "Story.authors")
  credited: [Story!]! @back(of: "Story.credits.by")
  creditedCount: Int! @back(of: "Story.credits.by")
  storyCount: Int! @back(of: "Story.authors") @order
  quoted: [Story!]! @back(of: "Story.sources.quotes.by")
}
type Section @grouped {
  slug: String! @from(slug: true) @key
  title: String! @order(default: ASC)
  stories: [Story!]! @back(of: "Story.section")
}
type Tag @grouped @content(files: ["tags/*.yml"]) {
  slug: String! @from(slug: true) @key
  title: String! @order(default: ASC)
  storyCount: Int! @back(of: "Story.tags") @order
  stories: [Story!]! @back(of: "Story.tags")
}
type Source {
  label: String!
  pages: [Int!]
  quotes: [Quote!]!
  story: Story @from(key: "to") @ref(by: "url", missing: KEEP)
  status: ReferenceStatus! @from(field: "story")
  also: [Story!]!
}
union Block @block(key: "type") = Quote | Box | Gallery
type Quote @is(value: "quote") {
  text: RichText!
  by: Person
  byStatus: ReferenceStatus! @from(field: "by")
}
type Box @is(value: "box") {
  stories: [Story!]!
  note: Note
  wide: Boolean! @default(value: false)
  mood: Mood
  ratio: Float
  inner: [Block!]!
}
type Gallery @is(value: "gallery") {
  images: [Image!]!
  grid: [[Int!]!]!
  file: File
  on: DateTime
  extra: JSON
}
type Note {
  about: Story @ref(missing: KEEP)
  status: ReferenceStatus! @from(field: "about")
  text: String
}
type Credits { photos: String names: [String!]! thanks: Note by: Person }
type Site @singleton(file: "site.yml") { title: String! home: Story menu: [Entry!]! about: RichText }
type Entry { label: String! to: Story }
"""

PEOPLE = """
ann:
  email: ann@example.org
  name: Ann
  bio: "Writes *much*."
bob:
  email: bob@example.org
  name: Bob
eve:
  email: eve@example.org
  name: Eve
"""

SITE = """
title: The magazine
home: one
about: "# About\\n\\nWords."
menu:
  - {label: First, to: one}
  - {label: Nowhere, to: gone}
  - {label: Plain}
"""

STORIES = {
    "one": (
        """
title: One
section: Long Reads
number: 1
published: 2024-03-01 08:00Z
updated: 2024-05-02
editor: ann@example.org
authors: [bob, ann, bob]
tags: [Big Things, small]
words: [b, a, b]
moods: [calm, very sad]
sizes: [1.5, 2]
cover: {src: /covers/one.png, alt: A cover}
paper: /one.pdf
extra: {deep: [1, null, "x"]}
related: [two, three, two, one]
sequel: two
sources:
  - label: First
    to: /stories/two
    pages: [1, 2]
    also: [three, gone, two]
    quotes: [{text: "A *word*", by: eve}]
  - {label: Gone, to: /stories/gone}
  - {label: Own, to: /stories/one}
  - {label: Again, to: /stories/two/#part}
  - {label: None}
blocks:
  - {type: quote, text: "# Head\\n\\nSome *text* with words", by: ann}
  - type: box
    stories: [three, two]
    note: {about: two, text: A note}
    wide: true
    mood: very sad
    ratio: 1.50
    inner:
      - {type: quote, text: Inner, by: bob}
      - {type: box, stories: [one], note: {about: gone}}
  - type: gallery
    images: [/a.png, {src: /b.png, alt: B}]
    grid: [[1, 2], [], [3]]
    file: /f.pdf
    on: 2024-01-01
    extra: [1]
  - {type: quote, text: Nobody, by: nobody}
box: {stories: [two], note: {about: three}, inner: []}
credits: {photos: Eve, names: [x, y], thanks: {about: two, text: Thanks}, by: bob}
""",
        "Body of the first, quite long.",
    ),
    "two": (
        """
title: Two
section: Short Reads
number: 2
published: 2024-03-02 08:00:00.5Z
updated: 2024-05-03
editor: ann@example.org
authors: [ann]
tags: [big-things]
words: [a]
moods: [wild]
sizes: [2.0]
related: [three]
sequel: three
sources:
  - {label: To three, to: /stories/three}
blocks:
  - {type: box, stories: [one]}
""",
        "Body of the second.",
    ),
    "three": (
        """
title: Three
section: Long Reads
number: 3
published: 2023-03-02
updated: 2024-06-03
editor: bob@example.org
authors: [eve]
tags: []
related: [one]
sequel: three
""",
        "Body of the third tells of the second.",
    ),
    "four": (
        """
title: Four
section: Long Reads
number: 4
published: 2023-03-02
editor: gone@example.org
authors: [gone]
tags: [small]
sequel: gone
extra: 0
""",
        "Fourth.",
    ),
}


def magazine(folder: Path) -> SiteFolder:
    """Return the magazine's files in `folder`."""
    site = SiteFolder(folder, MODEL)
    site.write("people.yml", PEOPLE)
    site.write("site.yml", SITE)
    site.write("tags/big-things.yml", "title: Big things indeed\nslug: big-things\n")
    site.write("tags/unused.yml", "title: Unused\nslug: unused\n")
    for slug, (front, body) in STORIES.items():
        site.page(f"stories/{slug}.md", front, body)
    return site
