"""The service over HTTP: my inbox, the directory, the ledger, and how the service is."""
