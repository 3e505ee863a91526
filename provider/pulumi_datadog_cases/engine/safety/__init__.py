"""Safe operations: no object is created twice, lost, or left half-created.

Pulumi saves an object in the state only after the provider has returned the object. If a run is
killed before that, the next run does not know of the object, and would create a second one. The API
does not prevent this, because it has no idempotency keys. So this package logs each create that
is not idempotent on disk before it sends the request. An entry of this log is called an intent.

- `intent_log`: the log of the objects whose create has begun, and which are not in the state yet.
- `process_folder`: the files of one process in that log.
- `file_lock`: the lock that shows whether the process of such files is still running.
- `create_once`: creates an object at most once, completely or not at all.
- `recovery`: finds the object of a create that was interrupted or whose response was lost.
- `delete_guard`: refuses deletes that would destroy what people created.
- `planned_deletes`: refuses a delete if a later delete of the same run would be refused.
- `deletion_log`: the objects that a run, or the killed run before it, has deleted.
- `ownership`: makes sure that an object belongs to one resource of a stack.
- `same_object`: keeps an object that the stack still manages after a replacement or a removal.
- `organization`: keeps each object in the organization in which it was created.
- `adoption`: takes over an existing object if the program asks for it.
- `consistency`: reads, updates and deletes objects, even if the API shows new objects with a delay.
"""
