"""Physics of materials that campaigns evaluate."""
