// A room may hold nothing but generated files; a static library needs one source.
