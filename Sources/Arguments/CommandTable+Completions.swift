/// A shell that can complete what is typed.
public enum Shell: String, Sendable, CaseIterable {
  /// GNU Bash.
  case bash
  /// The Z shell.
  case zsh
  /// The friendly interactive shell.
  case fish
}

extension CommandTable {
  /// A script that lets `shell` complete the tool's command lines.
  public func completions(for shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletions(table: self).script
    case .zsh: ZshCompletions(table: self).script
    case .fish: FishCompletions(table: self).script
    }
  }
}

/// Quotes for all three shells: no expansion inside, a quote itself is closed around.
func quoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
    + "'"
}

/// First and second words of commands, as in `state info`; the first may be a command itself.
struct CommandWords {
  let first: [(word: String, summary: String)]
  let second: [(parent: String, words: [Command])]

  init(_ commands: [Command]) {
    var first: [(word: String, summary: String)] = []
    var second: [(parent: String, words: [Command])] = []
    for command in commands {
      guard let word = command.words.first else { continue }
      if command.words.count == 1 {
        first.append((word, command.summary))
      } else if let index = second.firstIndex(where: { $0.parent == word }) {
        second[index].words.append(command)
      } else {
        if !first.contains(where: { $0.word == word }) { first.append((word, command.summary)) }
        second.append((word, [command]))
      }
    }
    self.first = first.map { entry in
      let words = second.first { $0.parent == entry.word }?.words.compactMap(\.words.last)
      if commands.contains(where: { $0.name == entry.word }) { return entry }
      return (entry.word, words?.joined(separator: ", ") ?? entry.summary)
    }
    self.second = second
  }

  /// The words that follow the name of `command` in names of others.
  func following(_ command: Command) -> [String] {
    second.first { $0.parent == command.name }?.words.compactMap(\.words.last) ?? []
  }
}

// MARK: - Bash

private struct BashCompletions {
  let table: CommandTable

  var script: String {
    let function = "_\(table.name)"
    let words = CommandWords(table.commands)
    let valued = (table.options + table.commands.flatMap(\.options)).filter { $0.value != nil }
    return """
      # Bash completion for \(table.name): source it, or put it into
      # ~/.local/share/bash-completion/completions/\(table.name)
      \(function)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
        local command= word skip= index
        COMPREPLY=()
        for ((index = 1; index < COMP_CWORD; index++)); do
          word=${COMP_WORDS[index]}
          if [[ -n $skip ]]; then skip=; continue; fi
          case $word in
            \(Self.pattern(valued))) skip=1 ;;
            -*) ;;
            *) case $command:$word in
                 :*\(words.second.map(Self.names).joined())) command=${command:+$command }$word ;;
               esac ;;
          esac
        done
        case $previous in
      \(values(valued))
        esac
        if [[ $current == -* ]]; then
          case $command in
      \(table.commands.map(options).joined(separator: "\n"))
            *) COMPREPLY=($(compgen -W '\(Self.names(table.options + [.help, .version]))' -- "$current")) ;;
          esac
          return
        fi
        case $command in
          '') COMPREPLY=($(compgen -W '\(words.first.map(\.word).joined(separator: " "))' -- "$current")) ;;
      \(words.second.map(secondWords).joined(separator: "\n"))
      \(table.commands.filter { !$0.arguments.isEmpty }.map(arguments).joined(separator: "\n"))
        esac
      }
      complete -F \(function) \(table.name)
      """
  }

  private static func pattern(_ options: [Option]) -> String {
    unique(options.flatMap { [$0.typed] + ($0.letter.map { ["-\($0)"] } ?? []) })
      .joined(separator: "|")
  }

  private func values(_ options: [Option]) -> String {
    var seen: Set<String> = []
    return options.filter { seen.insert($0.name).inserted }.map { option in
      let action = option.value.map { Self.action($0.completion) } ?? ""
      return "    \(Self.pattern([option]))) \(action)return ;;"
    }.joined(separator: "\n")
  }

  private func options(of command: Command) -> String {
    let names = Self.names(command.options + table.options + [.help])
    return "      '\(command.name)') COMPREPLY=($(compgen -W '\(names)' -- \"$current\")) ;;"
  }

  private static func names(_ parent: String, _ commands: [Command]) -> String {
    commands.compactMap(\.words.last).map { "|\(parent):\($0)" }.joined()
  }

  private func secondWords(_ parent: String, _ commands: [Command]) -> String {
    let words = commands.compactMap(\.words.last).joined(separator: " ")
    let own = table.commands.first { $0.name == parent }?.arguments.first?.completion ?? .nothing
    if case .output(let command) = own {
      return "    \(parent)) \(Self.action(.output("echo \(words); \(command)")));;"
    }
    return "    \(parent)) COMPREPLY=($(compgen -W '\(words)' -- \"$current\")) ;;"
  }

  private func arguments(of command: Command) -> String {
    let completion = command.arguments.first?.completion ?? .nothing
    return "    '\(command.name)') \(Self.action(completion));;"
  }

  private static func names(_ options: [Option]) -> String {
    unique(options.map(\.typed)).joined(separator: " ")
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: ""
    case .words(let words):
      "COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$current\")); "
    case .files: "COMPREPLY=($(compgen -f -- \"$current\")); "
    case .folders: "COMPREPLY=($(compgen -d -- \"$current\")); "
    case .output(let command):
      "COMPREPLY=($(compgen -W \"$(\(command))\" -- \"$current\")); "
    }
  }
}

func unique(_ texts: [String]) -> [String] {
  var seen: Set<String> = []
  return texts.filter { seen.insert($0).inserted }
}

// MARK: - Zsh

private struct ZshCompletions {
  let table: CommandTable

  var script: String {
    let words = CommandWords(table.commands)
    return """
      #compdef \(table.name)
      # Zsh completion for \(table.name): put it into a folder of $fpath as _\(table.name)
      _\(table.name)() {
        local context state state_descr line
        typeset -A opt_args
        _arguments -C \(specifications(table.options + [.help, .version], indent: "    "))'1:command:->command' '*::argument:->arguments'
        case $state in
          command)
            local -a commands=(
      \(words.first.map { "        \(quoted("\($0.word):\($0.summary)"))" }.joined(separator: "\n"))
            )
            _describe command commands ;;
          arguments)
            case $line[1] in
      \(table.commands.filter { $0.words.count == 1 }.map(arguments).joined(separator: "\n"))
      \(words.second.filter { isParentAlone($0.parent) }.map(secondWords).joined(separator: "\n"))
            esac ;;
        esac
      }
      _\(table.name) "$@"
      """
  }

  private func isParentAlone(_ word: String) -> Bool {
    !table.commands.contains { $0.name == word }
  }

  private func arguments(of command: Command) -> String {
    let list = specifications(
      command.options + table.sharedOptions(beside: command),
      indent: "            "
    )
    let following = CommandWords(table.commands).following(command)
    let positions = command.arguments.enumerated().map { index, argument in
      let position = argument.count == .any ? "*" : "\(index + 1)"
      var completion = argument.completion
      if index == 0, !following.isEmpty, case .output(let shell) = completion {
        completion = .output("echo \(following.joined(separator: " ")); \(shell)")
      }
      return quoted("\(position):\(argument.placeholder):\(Self.action(completion))")
    }
    return "        \(command.name)) _arguments \(list)\(positions.joined(separator: " ")) ;;"
  }

  private func secondWords(_ parent: String, _ commands: [Command]) -> String {
    let words = commands.compactMap(\.words.last).joined(separator: " ")
    return "        \(parent)) _arguments \(quoted("1:command:(\(words))")) ;;"
  }

  private func specifications(_ options: [Option], indent: String) -> String {
    options.map { "\\\n\(indent)\(specification($0)) " }.joined()
  }

  private func specification(_ option: Option) -> String {
    let summary = option.summary.filter { !"[]:".contains($0) }
    let value = option.value.map { ":\($0.placeholder):\(Self.action($0.completion))" } ?? ""
    let star = option.isRepeatable ? "*" : ""
    guard let letter = option.letter else {
      return quoted("\(star)\(option.typed)[\(summary)]\(value)")
    }
    let exclusion = option.isRepeatable ? "*" : "(-\(letter) \(option.typed))"
    return "\(quoted(exclusion)){-\(letter),\(option.typed)}\(quoted("[\(summary)]\(value)"))"
  }

  private static func action(_ completion: Completion) -> String {
    switch completion {
    case .nothing: " "
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .files: "_files"
    case .folders: "_files -/"
    case .output(let command): "($(\(command)))"
    }
  }
}
