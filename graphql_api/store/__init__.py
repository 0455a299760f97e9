"""Where generations live: tables as data, dialects, reading and publishing. The only SQL of the project."""
