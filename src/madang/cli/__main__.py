"""`python -m madang.cli` is the command `madang`."""

import sys

from madang.cli.main import main

sys.exit(main())
