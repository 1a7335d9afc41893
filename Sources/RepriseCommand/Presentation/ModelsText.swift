import RepriseAnalysis

/// The text on learned models that an analysis does without.
enum ModelsText {
  /// Returns a remark on models that are missing or cannot be used; `nil` if all are there, or if the user wants none.
  static func remark(_ models: LearnedModels, environment: [String: String]) -> String? {
    guard environment[LearnedModels.variable] != "" else { return nil }
    let faults = models.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) (\($0.value))" }
    let missing = models.missing.map(\.rawValue)
    guard !faults.isEmpty || !missing.isEmpty else { return nil }
    let absent = missing.isEmpty ? [] : ["\(missing.joined(separator: ", ")) (not installed)"]
    return "the analysis does without these learned models: \((faults + absent).joined(separator: ", ")); "
      + "scripts/models in a clone of the repository installs them"
  }

  /// Says the remark on models, if there is one, before recordings are heard.
  static func say(_ models: LearnedModels, isQuiet: Bool) {
    guard !isQuiet, let remark = remark(models, environment: CommandContext.current.variables) else { return }
    Console.say(Console.printable(remark))
  }
}
