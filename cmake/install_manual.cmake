# duel_install_manual(TARGET): the program's manual page and completions for shells, as the program itself prints them. Not
# where it was not built.
function(duel_install_manual target)
  duel_install_output(${target} share/man/man1/${target}.1 man)
  duel_install_output(${target} share/bash-completion/completions/${target} completion bash)
  duel_install_output(${target} share/zsh/vendor-completions/_${target} completion zsh)
  duel_install_output(${target} share/fish/vendor_completions.d/${target}.fish completion fish)
endfunction()

# duel_install_output(TARGET FILE arguments...): what the program prints.
function(duel_install_output target file)
  list(JOIN ARGN " " arguments)
  get_filename_component(folder ${file} DIRECTORY)
  install(CODE "
    if(EXISTS \"$<TARGET_FILE:${target}>\")
      set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${file}\")
      message(STATUS \"Installing: \${file}\")
      file(MAKE_DIRECTORY \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${folder}\")
      execute_process(COMMAND \"$<TARGET_FILE:${target}>\" ${arguments} OUTPUT_FILE \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)
    endif()" COMPONENT programs)
endfunction()

# duel_install_help_page(TARGET): a manual page of what the program and its subcommands say to --help.
function(duel_install_help_page target)
  install(CODE "
    if(EXISTS \"$<TARGET_FILE:${target}>\")
      set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/share/man/man1/${target}.1\")
      message(STATUS \"Installing: \${file}\")
      execute_process(COMMAND \"${CMAKE_COMMAND}\" \"-DPROGRAM=$<TARGET_FILE:${target}>\" \"-DFILE=\${file}\"
        -P \"${PROJECT_SOURCE_DIR}/cmake/help_page.cmake\" COMMAND_ERROR_IS_FATAL ANY)
    endif()" COMPONENT programs)
endfunction()
