"""A GraphQL content API over Markdown seed files: load into SQLite, answer with one statement per operation."""
