"""Safe operations: no object is created twice, lost, or left half-created.

Pulumi saves an object after its provider has returned it, and the API has no idempotency keys. So
this package keeps a log of intents on disk, and acts on it:

- `intent_log`: the log of creates that were begun and not yet saved in the state.
- `process_folder`: the files of one process in that log.
- `create_once`: creates an object at most once, completely or not at all.
- `recovery`: finds the object of a create that was cut short or whose response was lost.
- `adoption`: takes over an existing object if the program asks for it.
- `consistency`: reads, updates and deletes, tolerating that the API shows new objects late.
"""
