import ArgumentParser
import RepriseJobs
import RepriseSystem

/// What -o of `cover` names.
enum CoverTarget {
  /// A directory, or where the program stands: covers are named here.
  case directory(String?)
  /// A template for the covers' names.
  case template(OutputTemplate)
  /// The file of one cover.
  case file(String)

  /// - Throws: `ValidationError` for braces that make no template.
  init(_ option: String?) throws {
    guard let option else {
      self = .directory(nil)
      return
    }
    if FileKind(at: option) == .folder || option.hasSuffix("/") && !OutputTemplate.isOne(option) {
      self = .directory(option)
    } else if OutputTemplate.isOne(option) {
      let whole = option.hasSuffix("/") ? option + "{name}-{style}.{ext}" : option
      do { self = .template(try OutputTemplate(whole)) } catch { throw ValidationError(Self.words(error, option)) }
    } else {
      self = .file(option)
    }
  }

  /// The template by which covers are named; nil where a person has named the file.
  var template: OutputTemplate? {
    switch self {
    case .directory(let path): OutputTemplate(in: path)
    case .template(let template): template
    case .file: nil
    }
  }

  /// Whether directories in covers' paths are made where they are missing.
  var makesDirectory: Bool {
    switch self {
    case .directory(let path): path != nil
    case .template: true
    case .file: false
    }
  }

  /// The extension that is named, of whatever format; nil where none is.
  var namedExtension: String? {
    switch self {
    case .directory: nil
    case .template(let template): template.literalExtension
    case .file(let path): OutputNames.promised(by: path)
    }
  }

  private static func words(_ fault: OutputTemplate.Fault, _ option: String) -> String {
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
