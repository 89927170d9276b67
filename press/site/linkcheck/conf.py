"""Configuration of Sphinx for `make links`, which checks every external link in the project's Markdown."""

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
suppress_warnings = ["myst", "toc", "docutils", "app"]  # the book's build reports these
root_doc = "README"
include_patterns = ["*.md", "chapters/*.md", "reference/*.md", ".github/*.md"]
linkcheck_ignore = [r".*(YOUR-HUB|YOU/REPOSITORY)", r"http://127\.0\.0\.1:8\d+", r"https?://(localhost|example\.org)"]
linkcheck_allow_unauthorized = True
linkcheck_timeout, linkcheck_retries = 30, 2
# Some hosts refuse clients that are not browsers.
user_agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
