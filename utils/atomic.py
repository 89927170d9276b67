"""Write a file whole or not at all."""


def save(folder, name, content):
    """Write the bytes `content` into folder/name: a process that is killed leaves no half-written file under that name."""
    path = folder / name
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # left by a process that was killed
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
