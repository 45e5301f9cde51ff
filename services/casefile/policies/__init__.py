"""Policy documents: read, checked, compared, and the bundles that are shipped."""
