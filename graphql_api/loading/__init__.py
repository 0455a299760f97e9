"""From seed files to a published generation: readers, rows, building, publishing."""
