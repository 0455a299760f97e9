"""Markdown and LaTeX to HTML, plain text and headings."""
