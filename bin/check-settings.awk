# Refuses settings that nothing reads. Prints "error TEXT" if a variable on make's command line (`given`, separated
# by blanks) is documented nowhere in the Makefile, and "warning TEXT" if one of the environment looks like a setting
# that is misspelt. Documented are the names before a "=" in the Makefile's help texts; names that begin with K6_ or
# TEST_ always pass.

function distance(a, b,    i, j, previous, current, cost) {
  for (j = 0; j <= length(b); j++) previous[j] = j
  for (i = 1; i <= length(a); i++) {
    current[0] = i
    for (j = 1; j <= length(b); j++) {
      cost = previous[j - 1] + (substr(a, i, 1) != substr(b, j, 1))
      if (previous[j] + 1 < cost) cost = previous[j] + 1
      if (current[j - 1] + 1 < cost) cost = current[j - 1] + 1
      current[j] = cost
    }
    for (j = 0; j <= length(b); j++) previous[j] = current[j]
  }
  return previous[length(b)]
}

/##|^#  / {
  while (match($0, /[A-Z][A-Z0-9_]+=/)) {
    known[substr($0, RSTART, RLENGTH - 1)] = 1
    $0 = substr($0, RSTART + RLENGTH)
  }
}

function nearest(name,    candidate, d, best) {
  for (candidate in known) {
    d = distance(toupper(name), candidate)
    if (best == "" || d < least || (d == least && candidate < best)) { best = candidate; least = d }
  }
  return best
}

END {
  known["SHELL"] = known["MAKEFLAGS"] = 1
  count = split(given, names, " ")
  for (n = 1; n <= count; n++) {
    name = names[n]
    if (name in known || name ~ /^(K6|TEST)_/) continue
    best = nearest(name)
    hint = least <= 2 && least * 2 < length(name) ? "did you mean " best "?" : "\"make help\" lists all settings."
    print "error USAGE: there is no setting " name "; " hint \
      " A variable for your own service goes before the command: " name "=… make …"
    exit
  }
  for (name in ENVIRON) {
    if (name in known || length(name) < 5 || name !~ /^[A-Z]/) continue
    best = nearest(name)
    if (least > 1) continue
    print "warning the environment has " name ", which is no setting; did you mean " best "?"
    exit
  }
}
