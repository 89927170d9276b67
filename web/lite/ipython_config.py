"""What IPython runs before the first cell of a notebook in JupyterLite."""

c = get_config()  # noqa: F821
c.InteractiveShellApp.exec_lines = ["import course_settings; await course_settings.prepare()"]
