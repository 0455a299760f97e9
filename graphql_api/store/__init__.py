"""Where generations live: tables as data, reading and publishing. The only SQL of the project."""
