"""IPython's configuration in JupyterLite: code that runs before the first cell of a notebook."""

c = get_config()  # noqa: F821
c.InteractiveShellApp.exec_lines = ["import course_settings; course_settings.prepare()"]
