"""The content model: what authors write and what clients may ask, declared once in `content.graphql`."""
