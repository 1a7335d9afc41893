import ArgumentParser
import RepriseJobs
import RepriseSystem

/// The meaning of the option -o of `cover`.
enum CoverTarget {
  /// A directory, by default the current one, in which covers get names of their own.
  case directory(String?)
  /// A template for the names of the covers.
  case template(OutputTemplate)
  /// The file of one cover.
  case file(String)

  /// Interprets the value of the option.
  ///
  /// - Parameter option: The value; `nil` if the option is absent.
  /// - Throws: `ValidationError` for braces that do not form a template.
  init(_ option: String?) throws {
    guard let option else {
      self = .directory(nil)
      return
    }
    if FileKind(at: option) == .directory || option.hasSuffix("/") && !OutputTemplate.isOne(option) {
      self = .directory(option)
    } else if OutputTemplate.isOne(option) {
      let whole = option.hasSuffix("/") ? option + "{name}-{style}.{ext}" : option
      do { self = .template(try OutputTemplate(whole)) } catch { throw ValidationError(Self.text(error, option)) }
    } else {
      self = .file(option)
    }
  }

  /// Template for the names of covers; `nil` if the user named the file.
  var template: OutputTemplate? {
    switch self {
    case .directory(let path): OutputTemplate(in: path)
    case .template(let template): template
    case .file: nil
    }
  }

  /// `true` if missing directories in the paths of covers are created.
  var makesDirectory: Bool {
    switch self {
    case .directory(let path): path != nil
    case .template: true
    case .file: false
    }
  }

  /// Extension given by the user, of any format; `nil` if there is none.
  var namedExtension: String? {
    switch self {
    case .directory: nil
    case .template(let template): template.literalExtension
    case .file(let path): OutputNames.promised(by: path)
    }
  }

  private static func text(_ fault: OutputTemplate.Fault, _ option: String) -> String {
    let name = "-o \(Console.printable(option))"
    let known = OutputTemplate.Placeholder.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
    return switch fault {
    case .unknown(let word):
      "\(name): there is no {\(Console.printable(word))}; there are \(known), and {{ stands for a brace"
    case .unclosed: "\(name): a { has no }; there are \(known), and {{ stands for a brace"
    case .unopened: "\(name): a } has no {; }} stands for a brace"
    case .nameless: "\(name): names no file; add one, such as {name}-{style}.{ext}"
    }
  }
}
