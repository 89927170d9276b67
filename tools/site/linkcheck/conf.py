"""For `make links`: Sphinx tries every link in the project's Markdown that leads out."""

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["myst", "toc", "docutils", "app"]  # that the chapters are right is for the book's own build to say
root_doc = "README"
include_patterns = ["*.md", "chapters/*.md", "reference/*.md", ".github/*.md"]
linkcheck_ignore = [r".*(OWNER|YOUR-HUB|YOU/REPOSITORY)", r"http://127\.0\.0\.1:8\d+", r"https?://(localhost|example\.org)"]
linkcheck_allow_unauthorized = True
linkcheck_timeout, linkcheck_retries = 30, 2
# A browser's name: some hosts turn away all others.
user_agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
