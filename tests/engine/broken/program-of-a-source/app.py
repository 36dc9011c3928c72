import subprocess

print(subprocess.run(["git", "--version"], check=True))
