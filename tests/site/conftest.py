"""Its place here puts this folder on the path, so that tests of all rooms can import `factories`."""
