package import RepriseAudio
internal import Foundation
package import ReprisePreparation

/// The options and the limits that recordings are prepared by: the first message to a worker that prepares.
package struct PreparationTerms: Sendable, Codable {
  private var start: Double?
  private var end: Double?
  private var fadeIn: Double
  private var fadeOut: Double
  private var mayTrim: Bool
  private var passage: String
  private var trimsSilence: Bool
  private var silenceLevel: Double
  private var format: String?
  private var gain: Double?
  private var isGainAutomatic: Bool?
  private var channels: [Int]?
  private var maximumSilence: Double?
  private var leavesTags: Bool?
  private var salvage: SalvageMode?
  /// The limits of the service.
  package private(set) var limits: AudioLimits

  /// Creates the terms of a preparation.
  ///
  /// - Parameters:
  ///   - options: The options of the preparation.
  ///   - limits: The limits of the service.
  package init(options: PreparationOptions, limits: AudioLimits) {
    start = options.start
    end = options.end
    fadeIn = options.fadeIn
    fadeOut = options.fadeOut
    mayTrim = options.mayTrim
    passage = options.passage.rawValue
    trimsSilence = options.trimsSilence
    silenceLevel = options.silenceLevel
    format = options.format?.rawValue
    switch options.gain {
    case nil: break
    case .automatic: isGainAutomatic = true
    case .decibels(let decibels): gain = decibels
    }
    switch options.channels {
    case nil: break
    // No numbers stand for the mean.
    case .mono: channels = []
    case .picked(let numbers): channels = numbers
    }
    maximumSilence = options.maximumSilence
    if !options.keepsTags { leavesTags = true }
    salvage = options.salvage
    self.limits = limits
  }

  /// The options of the preparation.
  package var options: PreparationOptions {
    var options = PreparationOptions()
    options.start = start
    options.end = end
    options.fadeIn = fadeIn
    options.fadeOut = fadeOut
    options.mayTrim = mayTrim
    options.passage = PreparationOptions.Passage(rawValue: passage) ?? .first
    options.trimsSilence = trimsSilence
    options.silenceLevel = silenceLevel
    options.gain = isGainAutomatic == true ? .automatic : gain.map(GainChoice.decibels)
    options.channels = channels.map { $0.isEmpty ? .mono : .picked($0) }
    options.maximumSilence = maximumSilence
    options.keepsTags = leavesTags != true
    options.salvage = salvage
    options.format = format.flatMap { FileFormat(rawValue: $0) }
    return options
  }

  /// `true` if what is whole of damaged files is used.
  package var salvages: Bool { salvage != nil }

  /// `true` if even a file that fits may be changed.
  package var changesAll: Bool {
    start != nil || end != nil || fadeIn > 0 || fadeOut > 0 || trimsSilence || format != nil
      || gain != nil || isGainAutomatic == true || channels != nil || maximumSilence != nil || leavesTags == true
  }

  /// Returns a line that is equal for equal terms, and differs between different ones.
  package func identity() throws -> String {
    var terms = self
    // A set, whose order differs from run to run.
    terms.limits.formats = []
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(terms), as: UTF8.self) + " "
      + limits.formats.map(\.rawValue).sorted().joined(separator: ",")
  }
}
