"""Pages for crawlers and feed readers: sitemaps, feeds, llms.txt, entries as Markdown; of one generation each."""
