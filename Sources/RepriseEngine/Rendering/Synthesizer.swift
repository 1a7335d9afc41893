internal import CFluidSynth

/// A General MIDI synthesizer that renders into memory (FluidSynth, in process, no audio device).
@safe struct Synthesizer: ~Copyable {
  /// MIDI controllers used by the engine (MIDI 1.0, table 3).
  enum Controller: Int32 {
    case volume = 7
    case pan = 10
    case reverb = 91
    case chorus = 93
  }

  private let settings: Settings
  private let synth: Synth

  /// Creates a synthesizer with a SoundFont; a channel's samples are loaded when a program is selected for it.
  init(soundFont: SoundFont, sampleRate: Int) throws(EngineError) {
    if let reason = unsafe reprise_fluidsynth_missing() {
      throw .noSynthesizer(unsafe String(cString: reason))
    }
    Self.quiet
    let settings = try Settings()
    unsafe fluid_settings_setnum(settings.pointer, "synth.sample-rate", Double(sampleRate))
    unsafe fluid_settings_setnum(settings.pointer, "synth.gain", 0.4)
    unsafe fluid_settings_setint(settings.pointer, "synth.polyphony", 256)
    unsafe fluid_settings_setint(settings.pointer, "synth.cpu-cores", 1)
    unsafe fluid_settings_setint(settings.pointer, "synth.dynamic-sample-loading", 1)
    unsafe fluid_settings_setint(settings.pointer, "synth.lock-memory", 0)
    unsafe fluid_settings_setnum(settings.pointer, "synth.reverb.room-size", 0.7)
    unsafe fluid_settings_setnum(settings.pointer, "synth.reverb.damp", 0.25)
    unsafe fluid_settings_setnum(settings.pointer, "synth.reverb.width", 0.9)
    unsafe fluid_settings_setnum(settings.pointer, "synth.reverb.level", 0.7)
    unsafe fluid_settings_setstr(settings.pointer, "synth.midi-bank-select", "gm")
    let synth = try Synth(settings: settings)
    guard soundFont.hasHeader, unsafe fluid_synth_sfload(synth.pointer, soundFont.path, 0) >= 0 else {
      throw .badSoundFont(path: soundFont.path, namedBy: soundFont.source)
    }
    self.settings = settings
    self.synth = synth
  }

  // FluidSynth writes messages about the SoundFont to stderr; errors are returned as codes anyway.
  private static let quiet: Void = {
    for level in [FLUID_ERR, FLUID_WARN, FLUID_INFO, FLUID_DBG] {
      unsafe fluid_set_log_function(Int32(bitPattern: UInt32(level.rawValue)), nil, nil)
    }
  }()

  /// Selects a General MIDI program, 0…127, for a channel, 0…15; channel 9 has drums.
  mutating func choose(program: Int, channel: Int) {
    unsafe fluid_synth_program_change(synth.pointer, Int32(clamping: channel), Int32(clamping: program))
  }

  /// Sets a controller to a value, 0…127.
  mutating func set(_ controller: Controller, to value: Int, channel: Int) {
    unsafe fluid_synth_cc(synth.pointer, Int32(clamping: channel), controller.rawValue, Int32(max(0, min(127, value))))
  }

  /// Starts a note.
  mutating func begin(pitch: Int, velocity: Int, channel: Int) {
    unsafe fluid_synth_noteon(
      synth.pointer, Int32(clamping: channel), Int32(clamping: pitch), Int32(clamping: velocity))
  }

  /// Ends a note; the note sounds on through its release.
  mutating func end(pitch: Int, channel: Int) {
    unsafe fluid_synth_noteoff(synth.pointer, Int32(clamping: channel), Int32(clamping: pitch))
  }

  /// Renders interleaved stereo into the frames `range` of `output`.
  ///
  /// Events sent before take effect at the next of FluidSynth's own blocks of 64 samples.
  mutating func render(into output: inout [Float], frames range: Range<Int>) throws(EngineError) {
    precondition(range.upperBound * 2 <= output.count)
    let code = unsafe output.withUnsafeMutableBufferPointer { buffer in
      unsafe fluid_synth_write_float(
        synth.pointer, Int32(range.count), buffer.baseAddress, Int32(range.lowerBound * 2), 2, buffer.baseAddress,
        Int32(range.lowerBound * 2 + 1), 2)
    }
    guard code == 0 else { throw .synthesizerFailed(.render(frames: range.count)) }
  }

  @safe private struct Settings: ~Copyable {
    let pointer: OpaquePointer

    init() throws(EngineError) {
      guard let made = unsafe new_fluid_settings() else {
        throw .synthesizerFailed(.setUp)
      }
      unsafe pointer = unsafe made
    }

    deinit { unsafe delete_fluid_settings(pointer) }
  }

  @safe private struct Synth: ~Copyable {
    let pointer: OpaquePointer

    init(settings: borrowing Settings) throws(EngineError) {
      guard let made = unsafe new_fluid_synth(settings.pointer) else {
        throw .synthesizerFailed(.start)
      }
      unsafe pointer = unsafe made
    }

    deinit { unsafe delete_fluid_synth(pointer) }
  }

  deinit {
    // The synthesizer reads its settings until it is deleted: the order of deletion must be explicit.
    _ = consume synth
    _ = consume settings
  }
}
