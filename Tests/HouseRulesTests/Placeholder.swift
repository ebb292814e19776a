// Filled in by the room that it tests.
