"""The follower: reads the log in order, keeps its models' rows, and saves rows and place together.

It knows nothing of any one model. `Following` runs models live, `Rebuilding` builds an edition
beside the old one, `Whereabouts` says how far each model is and waits for it.
"""
