import RepriseCommand

await CommandLineProgram.main()
