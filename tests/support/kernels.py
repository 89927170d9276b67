"""Kernels for nbval, each a copy of one process that has imported packages already, which is most of the work of a start."""

import multiprocessing
import os

from jupyter_client.provisioning import LocalProvisioner

copies = multiprocessing.get_context("forkserver")
copies.set_forkserver_preload(["tests.support.imported"])


class Copied(LocalProvisioner):
    """Starts a kernel as a copy, where jupyter_client's own starts a new Python."""

    async def launch_kernel(self, cmd, cwd, env, **_):
        self.process = Kernel(target=run_kernel, args=(cmd[cmd.index("-f") :], cwd, env), daemon=True)
        self.process.start()
        self.pid = self.process.pid
        return self.connection_info


class Kernel(copies.Process):
    """A process that can be asked for what a provisioner asks of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def poll(self):
        return self.exitcode

    def wait(self):
        self.join()
        return self.exitcode

    def send_signal(self, signum):
        os.kill(self.pid, signum)


def run_kernel(arguments, cwd, env):
    from ipykernel.kernelapp import IPKernelApp

    os.chdir(cwd)
    os.environ.update(env)
    IPKernelApp.launch_instance(argv=arguments)
