"""Search: how what is typed is read, and the parts of texts that show why they were found."""
