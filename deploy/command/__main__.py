import sys

from deploy.command.main import main

if __name__ == "__main__":
    sys.exit(main())
