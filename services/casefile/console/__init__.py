"""The inspector's desk in a browser: pages over what the layers below answer, Chinese first."""
