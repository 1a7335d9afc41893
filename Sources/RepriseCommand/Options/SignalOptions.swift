import ArgumentParser
import ReprisePreparation

/// A change of the level: `auto`, or a number of dB such as `-3`, `+4.5` or `6dB`.
struct GainOption: ExpressibleByArgument, CustomStringConvertible {
  /// Requested change.
  let choice: GainChoice

  init?(argument: String) {
    if argument == "auto" {
      choice = .automatic
      return
    }
    let number = argument.lowercased().hasSuffix("db") ? String(argument.dropLast(2)) : argument
    guard let decibels = Double(number), GainChoice.range.contains(decibels) else { return nil }
    choice = .decibels(decibels)
  }

  var description: String {
    switch choice {
    case .automatic: "auto"
    case .decibels(let decibels): "\(decibels)"
    }
  }
}

/// The channels to take: `mono`, `left`, `right`, or numbers from 1 such as `2` or `3,4`.
struct ChannelOption: ExpressibleByArgument, CustomStringConvertible {
  /// Requested channels.
  let choice: ChannelChoice

  init?(argument: String) {
    switch argument {
    case "mono": choice = .mono
    case "left": choice = .picked([1])
    case "right": choice = .picked([2])
    default:
      let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      // More than the greatest number of channels of any format is a mistake.
      guard numbers.count <= 64, numbers.allSatisfy({ (1...1024).contains($0 ?? 0) }) else { return nil }
      choice = .picked(numbers.compactMap { $0 })
    }
  }

  var description: String {
    switch choice {
    case .mono: "mono"
    case .picked(let numbers): numbers.map(String.init).joined(separator: ",")
    }
  }
}
