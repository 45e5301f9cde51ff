"""The clock: declares what each day brought, once, whatever happens to the process."""
