#!/bin/sh
# The version, as Directory.Build.props says it.
sed -n 's:^ *<Version>\(.*\)</Version>$:\1:p' "$(dirname "$0")/../Directory.Build.props"
