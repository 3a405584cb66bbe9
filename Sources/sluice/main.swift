import CommandLineInterface
import Glibc

exit(await CommandLineInterface.main())
