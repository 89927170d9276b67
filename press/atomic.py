"""Write a file whole or not at all."""


def save(folder, name, content):
    """Write the bytes `content` into folder/name: a process that is killed leaves no half-written file under that name."""
    part = folder / f".{name}.part"
    try:
        part.write_bytes(content)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
