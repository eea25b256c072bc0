# cmake -DPROGRAM=PATH -DFILE=PAGE.1 -P help_page.cmake: a manual page of what the program's --help says, and that of each
# subcommand.
get_filename_component(name ${PROGRAM} NAME)

# help_of(VARIABLE arguments...): as groff takes it, lines as they are.
function(help_of variable)
  execute_process(COMMAND ${PROGRAM} ${ARGN} --help OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  set(${variable}_plain "${text}" PARENT_SCOPE)
  string(REPLACE "\\" "\\e" text "${text}")
  string(REPLACE "-" "\\-" text "${text}")
  string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" text "${text}")
  set(${variable} "${text}" PARENT_SCOPE)
endfunction()

help_of(help)
string(REGEX MATCH "^[^\n.]*" about "${help_plain}")
string(REPLACE "-" "\\-" about "${about}")
string(TOUPPER ${name} title)
set(page ".TH ${title} 1\n.SH NAME\n${name} \\- ${about}\n.SH SYNOPSIS\n.B ${name}\n.RI [ command ]\n.RI [ options ]\n.SH DESCRIPTION\n.EX\n${help}\n.EE\n")
string(REGEX MATCH "Subcommands:\n.*" commands "${help_plain}")
string(REGEX MATCHALL "\n  [a-z]+" commands "${commands}")
foreach(command IN LISTS commands)
  string(STRIP "${command}" command)
  help_of(help ${command})
  string(TOUPPER ${command} title)
  string(APPEND page ".SH ${title}\n.EX\n${help}\n.EE\n")
endforeach()
file(WRITE ${FILE} "${page}")
