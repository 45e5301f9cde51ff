"""An invented county: nobody in it exists, and its names say so. Filled in once, into an empty log."""
