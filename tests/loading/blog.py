"""A model with a bit of everything: what references can be, and where entries can come from."""

BLOG = """
type Post @content(files: ["posts/*.md"]) {
  slug: String! @from(file: NAME) @key
  title: String! @order @search
  date: Date @order(default: DESC)
  authors: [Author!]! @ref(missing: ERROR) @filter
  tags: [Tag!]! @filter
  related: [Post!]!
  sources: [Source!]!
  blocks: [Block!]!
  draft: Boolean! @default(value: false) @hidden
  body: RichText! @from(file: BODY) @default(value: "") @search
  version: String! @from(entry: VERSION)
  updatedAt: DateTime! @from(entry: UPDATED_AT)
}
type Author @content(files: ["authors.yml"], each: ITEM) {
  slug: String! @from(file: KEY) @key
  name: String! @key @order(default: ASC) @search
  postCount: Int! @back(of: "Post.authors") @order
}
type Tag @grouped @content(files: ["tags/*.yml"]) {
  slug: String! @from(slug: true) @key
  title: String! @order(default: ASC)
  postCount: Int! @back(of: "Post.tags") @order
}
type Source {
  label: String!
  post: Post @from(key: "to") @ref(by: "slug", missing: KEEP)
  status: ReferenceStatus! @from(field: "post")
}
union Block @block(key: "type") = Quote | Box
type Quote @is(value: "quote") { text: String! of: Author }
type Box @is(value: "box") { posts: [Post!]! note: Note }
type Note { about: Post @ref(missing: KEEP) text: String }
type Site @singleton(file: "site.yml") { title: String! home: Post }
"""
