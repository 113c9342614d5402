#!/bin/sh
# Prints the version from Directory.Build.props.
sed -n 's:^ *<Version>\(.*\)</Version>$:\1:p' "$(dirname "$0")/../Directory.Build.props"
