"""The page: plain ES modules, a style sheet and a mark, served as they are."""
