// Mercurius as its documentation has it: fastify, the JIT, and a loader for each field that leads to other rows, here
// on better-sqlite3 and the same plain tables as the tutorial server.
//   node mercurius.js DATABASE PORT
import Database from "better-sqlite3";
import Fastify from "fastify";
import mercurius from "mercurius";

const [path, port] = process.argv.slice(2);
const db = new Database(path, { readonly: true });
db.pragma("mmap_size = 1073741824");

const schema = `
  type Query { question(by: QuestionBy!): Question  subject(slug: String!): Subject }
  input QuestionBy { url: String! }
  type RichText { markdown: String! }
  type PageInfo { hasNextPage: Boolean! }
  type Question {
    url: String!  title: String!  date: String!  answer: RichText!  subject: Subject!
    relatedArticles: [RelatedArticle!]!
  }
  type RelatedArticle { title: String!  url: String!  question: Question }
  type Questions { nodes: [Question!]!  pageInfo: PageInfo! }
  type Subject { slug: String!  title: String!  questions(first: Int!): Questions! }
`;

const ARTICLE = "SELECT url, title, date, answer, subject_slug FROM article";
const question = (row) => ({ ...row, answer: { markdown: row.answer } });

// Statements are prepared once for each number of keys.
function statements(sql, order = "") {
  const prepared = [];
  return (keys) => {
    prepared[keys.length] ??= db.prepare(`${sql} IN (${keys.map(() => "?").join(", ")}) ${order}`);
    return prepared[keys.length].all(keys);
  };
}
const articles = statements(`${ARTICLE} WHERE url`);
const subjects = statements("SELECT slug, title FROM subject WHERE slug");
const related = statements(
  "SELECT article_url, title, url, target_url FROM related WHERE article_url",
  "ORDER BY article_url, position",
);
const oneSubject = db.prepare("SELECT slug, title FROM subject WHERE slug = ?");
const oneArticle = db.prepare(`${ARTICLE} WHERE url = ?`);
const newest = db.prepare(`${ARTICLE} WHERE subject_slug = ? ORDER BY date DESC, url LIMIT ?`);

const resolvers = {
  Query: {
    question(_, { by }) {
      const row = oneArticle.get(by.url);
      return row && question(row);
    },
    subject: (_, { slug }) => oneSubject.get(slug),
  },
  Subject: {
    questions({ slug }, { first }) {
      const rows = newest.all(slug, first + 1);
      return { nodes: rows.slice(0, first).map(question), pageInfo: { hasNextPage: rows.length > first } };
    },
  },
};

const unique = (keys) => [...new Set(keys)];

const loaders = {
  Question: {
    // Without the cache of a request, which spells every object as JSON first.
    subject: {
      async loader(queries) {
        const slugs = queries.map(({ obj }) => obj.subject_slug);
        const found = new Map(subjects(unique(slugs)).map((row) => [row.slug, row]));
        return slugs.map((slug) => found.get(slug));
      },
      opts: { cache: false },
    },
    relatedArticles: {
      async loader(queries) {
        const urls = queries.map(({ obj }) => obj.url);
        const found = new Map(urls.map((url) => [url, []]));
        for (const row of related(unique(urls))) found.get(row.article_url).push(row);
        return urls.map((url) => found.get(url));
      },
      opts: { cache: false },
    },
  },
  RelatedArticle: {
    question: {
      async loader(queries) {
        const urls = queries.map(({ obj }) => obj.target_url);
        const wanted = unique(urls.filter((url) => url !== null));
        const found = new Map(wanted.length ? articles(wanted).map((row) => [row.url, question(row)]) : []);
        return urls.map((url) => found.get(url) ?? null);
      },
      opts: { cache: false },
    },
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1 });
await app.listen({ port: Number(port), host: "127.0.0.1" });
