"""How what happens to a job reaches everybody who watches it."""
