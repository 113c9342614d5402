namespace AuthServer.Pages;

/// <summary>Stands for the texts of the pages: <c>Texts.resx</c> in English, <c>Texts.ko.resx</c> in Korean, and so on.</summary>
internal sealed class Texts;
