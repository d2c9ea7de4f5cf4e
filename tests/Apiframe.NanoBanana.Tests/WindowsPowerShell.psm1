# Finds what a script uses that Windows PowerShell 5.1 or .NET Framework 4.7.2 does not have. It runs in PowerShell 7, whose parser knows the syntax of both.

using namespace System.Management.Automation.Language

$ErrorActionPreference = 'Stop'

# A test or a block of tests with such a tag does not run in Windows PowerShell. What is behind the colon is the reason.
$NotThere = 'PowerShell 7: *'

# The cmdlets that the scripts use, each with the parameters that they use and that Windows PowerShell 5.1 has.
$Known = @{}
foreach ($line in Get-Content (Join-Path $PSScriptRoot 'WindowsPowerShellCmdlets.txt') | Where-Object { $_ -and $_ -notmatch '^#' }) {
    $name, $parameters = -split $line
    $Known[$name] = @($parameters)
}

$Aliases = @{}
Get-Alias | ForEach-Object { $Aliases[$_.Name] = $_.Definition }

$Variables = 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures', 'PSNativeCommandArgumentPassing', 'PSNativeCommandUseErrorActionPreference'
$Encodings = 'ASCII', 'BigEndianUnicode', 'Default', 'Unicode', 'UTF32', 'UTF7', 'UTF8'

# Types that a script must load there before it names them.
$MustLoad = [ordered]@{
    'System.IO.Compression.ZipFile*' = 'System.IO.Compression.FileSystem'
    'System.IO.Compression.*'        = 'System.IO.Compression'
    'System.Net.Http.*'              = 'System.Net.Http'
}

$References = $null
$Methods = $null

# .NET Standard 2.0, which is in both .NET Framework 4.7.2 and .NET, and the types of the engine that Windows PowerShell 5.1 and PowerShell 7 have.
function Get-ReferenceType([string] $Name) {
    if (-not $script:References) {
        $folder = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'out/desktop-reference'
        Add-Type -Path (Join-Path $folder 'System.Reflection.MetadataLoadContext.dll')
        $files = [string[]]('netstandard', 'System.Management.Automation' | ForEach-Object { Join-Path $folder "$_.dll" })
        $context = [System.Reflection.MetadataLoadContext]::new([System.Reflection.PathAssemblyResolver]::new($files), 'netstandard')
        $script:References = @($files | ForEach-Object { $context.LoadFromAssemblyPath($_) })
    }
    foreach ($assembly in $script:References) { if ($type = $assembly.GetType($Name)) { return $type } }
}

# The name of a type, or of that of its elements, without the types that make it generic.
function Get-TypeName([type] $Type) {
    while ($Type.HasElementType) { $Type = $Type.GetElementType() }
    if ($Type.IsGenericType) { $Type = $Type.GetGenericTypeDefinition() }
    $Type.FullName
}

function Find-WindowsPowerShellProblem {
    <#
    .SYNOPSIS
        Returns what a script uses that Windows PowerShell 5.1 does not have: one text for each finding.
    .DESCRIPTION
        Scripts in strings are searched too. Not found are members of objects whose type the script does not show, unless no type has a method of that
        name and number of arguments, and parameters that are splatted.
    #>
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        # Commands that other scripts define, and which this one may call.
        [string[]] $Command = @()
    )

    $tokens = $errors = $null
    $ast = [Parser]::ParseInput($Text, [ref]$tokens, [ref]$errors)
    $commands = $Command + $ast.FindAll({ $args[0] -is [FunctionDefinitionAst] }, $true).Name
    $findings = @(
        foreach ($problem in $errors) { @{ Line = $problem.Extent.StartLineNumber; What = $problem.Message } }
        Find-TokenProblem $tokens
        foreach ($node in $ast.FindAll({ $true }, $true)) {
            # Syntax counts everywhere, because a script that does not parse does not run at all.
            $what = @(Find-SyntaxProblem $node)
            $use = @(switch ($node.GetType().Name) {
                'CommandAst' { Find-CommandProblem $node $commands }
                'VariableExpressionAst' { if ($node.VariablePath.UserPath -in $Variables) { "the variable `$$($node.VariablePath.UserPath)" } }
                'TypeExpressionAst' { Find-TypeProblem $node.TypeName $Text }
                'TypeConstraintAst' { Find-TypeProblem $node.TypeName $Text }
                'MemberExpressionAst' { Find-MemberProblem $node }
                'InvokeMemberExpressionAst' { Find-MemberProblem $node }
                'StringConstantExpressionAst' { Find-EmbeddedProblem $node $commands }
                'ExpandableStringExpressionAst' { Find-EmbeddedProblem $node $commands }
            })
            if ($use -and -not (Test-NotThere $node)) { $what += $use }
            foreach ($one in $what) { @{ Line = $node.Extent.StartLineNumber; What = $one } }
        }
    )
    $findings | ForEach-Object { "line $($_.Line): $($_.What)" } | Select-Object -Unique
}

function Test-NotThere([Ast] $Node) {
    for ($at = $Node; $at; $at = $at.Parent) {
        if ($at -is [CommandAst] -and $at.GetCommandName() -in 'Describe', 'Context', 'It') {
            if ((Get-Argument $at Tag).Value -like $NotThere) { return $true }
        }
    }
    $false
}

# What is behind a parameter.
function Get-Argument([CommandAst] $Node, [string] $Parameter) {
    $elements = $Node.CommandElements
    for ($i = 1; $i -lt $elements.Count - 1; $i++) {
        if ($elements[$i] -is [CommandParameterAst] -and $elements[$i].ParameterName -eq $Parameter) { return $elements[$i + 1] }
    }
}

function Find-TokenProblem([Token[]] $Tokens) {
    $before = $null
    foreach ($token in $Tokens) {
        $what = switch ($token.Kind) {
            { $_ -in 'Comment', 'LineContinuation' } { continue }
            'Pipe' { if ($before -eq 'NewLine') { 'a line that begins with |' } }
            'Clean' { 'a clean block' }
            'Number' { if ($token.Text -match '^0b|^[^x]*(y|u|n|s)') { "the number $($token.Text)" } }
            { $_ -in 'StringExpandable', 'HereStringExpandable' } { if ($token.Text -cmatch '(?<!`)(``)*`(e|u\{)' ) { 'the escape sequence `e or `u{}' } }
        }
        foreach ($one in $what) { @{ Line = $token.Extent.StartLineNumber; What = $one } }
        if ($token.Kind -notin 'Comment', 'LineContinuation') { $before = $token.Kind }
    }
}

function Find-SyntaxProblem([Ast] $Node) {
    switch ($Node.GetType().Name) {
        'TernaryExpressionAst' { 'the operator ?:' }
        'PipelineChainAst' { 'the operator && or ||' }
        'PipelineAst' { if ($Node.Background) { 'the operator & behind a pipeline' } }
        'AssignmentStatementAst' { if ($Node.Operator -eq 'QuestionQuestionEquals') { 'the operator ??=' } }
        'MemberExpressionAst' { if ($Node.NullConditional) { 'the operator ?.' } }
        'InvokeMemberExpressionAst' { if ($Node.NullConditional) { 'the operator ?.' } }
        'IndexExpressionAst' { if ($Node.NullConditional) { 'the operator ?[]' } }
        'BinaryExpressionAst' {
            switch ($Node.Operator) {
                'QuestionQuestion' { 'the operator ??' }
                'DotDot' { if ($Node.Left.StaticType -eq [string]) { 'a range of characters' } }
                { $_ -in 'Ireplace', 'Creplace' } { if ($Node.Right.Find({ $args[0] -is [ScriptBlockExpressionAst] }, $false)) { '-replace with a script block' } }
            }
        }
    }
}

function Find-CommandProblem([CommandAst] $Node, [string[]] $Commands) {
    $name = $Node.GetCommandName()
    if (-not $name -or $name -in $Commands) { return }
    if ($name -in 'pwsh', 'powershell') { return "$name by its name, which is another PowerShell or none" }
    if ($Aliases.ContainsKey($name)) { $name = $Aliases[$name] }
    # What has no hyphen is a program or a word of Pester.
    if ($name -notmatch '^\w+-\w+$') { return }
    if ($name -notin $Known.Keys) { "$name, which WindowsPowerShellCmdlets.txt does not have" }

    $parameters = @($Node.CommandElements | Where-Object { $_ -is [CommandParameterAst] } | ForEach-Object ParameterName)
    foreach ($parameter in $parameters) {
        if ($parameter -notin $Known[$name] -and $parameter -notin [System.Management.Automation.PSCmdlet]::CommonParameters) {
            "$name -$parameter, which WindowsPowerShellCmdlets.txt does not have"
        }
    }

    $encoding = (Get-Argument $Node Encoding).Value
    if ($encoding -and $encoding -notin $Encodings) { "the encoding $encoding" }
    if ($name -in 'Set-Content', 'Add-Content', 'Out-File' -and 'Encoding' -notin $parameters -and $Node.Parent.Extent.Text -match '[^\x00-\x7F]') {
        "$name without -Encoding, which loses characters there"
    }
    if ($name -eq 'ConvertTo-SecureString' -and 'AsPlainText' -in $parameters -and 'Force' -notin $parameters) { "$name -AsPlainText without -Force" }
    if ($name -eq 'Add-Type' -and 'AssemblyName' -notin $parameters -and $Node.Extent.Text -notlike '*.dll*') { 'Add-Type with C#, of which it knows version 5' }
    if ($name -eq 'Join-Path' -and -not $parameters -and $Node.CommandElements.Count -gt 3) { 'Join-Path with more than two parts' }
}

function Find-TypeProblem([ITypeName] $TypeName, [string] $Text) {
    if ($TypeName.FullName -in 'ordered') { return }
    $type = $TypeName.GetReflectionType()
    # What the module or Pester brings, and classes of the script, are not loaded here.
    if (-not $type) {
        if ($TypeName.FullName -notmatch '^(Apiframe|Pester)\.' -and $Text -notmatch "(?m)^\s*(class|enum) $([regex]::Escape($TypeName.FullName))\b") { "the type $($TypeName.FullName)" }
        return
    }

    $name = Get-TypeName $type
    if ($name -like 'Apiframe.*') { return }
    if (-not (Get-ReferenceType $name)) { return "the type $name" }
    $pattern = @($MustLoad.Keys) | Where-Object { $name -like $_ } | Select-Object -First 1
    if ($pattern -and $Text -notmatch "Add-Type -AssemblyName [^\r\n]*\b$([regex]::Escape($MustLoad[$pattern]))(?![\w.])") {
        "the type $name without Add-Type -AssemblyName $($MustLoad[$pattern])"
    }
}

function Find-MemberProblem([MemberExpressionAst] $Node) {
    if ($Node.Member -isnot [StringConstantExpressionAst]) { return }
    $name = $Node.Member.Value
    $isCall = $Node -is [InvokeMemberExpressionAst]
    $count = @($Node.Arguments | Where-Object { $_ }).Count
    $type = Get-EvidentType $Node.Expression -OfStatic:$Node.Static
    if (-not $type) {
        # Arrays, hashtables, and objects of PowerShell take methods of their own: only what no type has is certain.
        if ($isCall -and -not $Node.Static -and $name -notin 'Where', 'ForEach' -and -not (Test-Method $name $count)) { ".$name() with $count arguments" }
        return
    }

    if ($isCall -and $name -eq 'Split' -and $type.FullName -eq 'System.String' -and "$(@($Node.Arguments)[0].Value)".Length -gt 1) {
        return '.Split() with a string, of which each character separates there'
    }
    if (-not (Find-Member $type $name $Node.Static $isCall $count)) {
        "$($type.FullName)$(if ($Node.Static) { '::' } else { '.' })$name$(if ($isCall) { "() with $count arguments" })"
    }
}

# The type of .NET Standard that an expression has, if its text shows it. For a static member, that of the class before the colons.
function Get-EvidentType([Ast] $Node, [switch] $OfStatic) {
    $type = switch ($Node.GetType().Name) {
        'TypeExpressionAst' { if ($OfStatic) { $Node.TypeName.GetReflectionType() } }
        { $_ -in 'StringConstantExpressionAst', 'ExpandableStringExpressionAst' } { [string] }
        'ConvertExpressionAst' { $Node.StaticType }
        'ParenExpressionAst' { if ($Node.Pipeline -is [PipelineAst] -and ($inner = $Node.Pipeline.GetPureExpression())) { Get-EvidentType $inner } }
        'VariableExpressionAst' { Get-DeclaredType $Node }
        { $_ -in 'MemberExpressionAst', 'InvokeMemberExpressionAst' } {
            $owner = Get-EvidentType $Node.Expression -OfStatic:$Node.Static
            if ($owner -and $Node.Static -and $Node.Member.Value -eq 'new') { $owner }
            elseif ($owner) {
                $member = Find-Member $owner $Node.Member.Value $Node.Static ($_ -eq 'InvokeMemberExpressionAst') @($Node.Arguments).Where({ $_ }).Count | Select-Object -First 1
                @($member.ReturnType, $member.PropertyType) -ne $null | Select-Object -First 1
            }
        }
    }
    # An array has members of its own, and so has the value that a static member of the type of an array returns.
    if (-not $type -or $type.IsGenericParameter -or $type.HasElementType) { return }
    $type = Get-ReferenceType (Get-TypeName $type)
    if (-not $type -or $OfStatic) { return $type }
    # An object shows nothing, and what looks like a member of a collection can be one of its elements.
    $isCollection = $type.FullName -eq 'System.Array' -or $type.FullName -ne 'System.String' -and $type.GetInterfaces().Name -contains 'IEnumerable'
    if (-not $isCollection -and $type.FullName -notin 'System.Object', 'System.Management.Automation.PSObject') { $type }
}

# The type that a parameter or an assignment gives to a variable in the same function or script.
function Get-DeclaredType([VariableExpressionAst] $Variable) {
    $path = $Variable.VariablePath.UserPath
    for ($at = $Variable.Parent; $at; $at = $at.Parent) {
        if ($at -isnot [ScriptBlockAst]) { continue }
        $parameters = @($at.ParamBlock.Parameters) + @($at.Parent.Parameters) | Where-Object { $_ -and $_.Name.VariablePath.UserPath -eq $path }
        foreach ($parameter in $parameters) { if ($parameter.StaticType -ne [object]) { return $parameter.StaticType } }
    }
}

function Find-Member([type] $Type, [string] $Name, [bool] $Static, [bool] $IsCall, [int] $Count) {
    $flags = [System.Reflection.BindingFlags]"Public, IgnoreCase, FlattenHierarchy, $(if ($Static) { 'Static' } else { 'Instance' })"
    if ($Static -and $Name -eq 'new') { return @($Type.GetConstructors() | Where-Object { Test-Count $_ $Count }) + @(if ($Type.IsValueType -and -not $Count) { $Type }) }
    $members = @(foreach ($one in @($Type) + $Type.GetInterfaces()) { $one.GetMember($Name, $flags) })
    if ($IsCall) { return $members | Where-Object { $_.MemberType -eq 'Method' -and (Test-Count $_ $Count) } }
    # Properties that the engine adds, such as the BaseName of a file.
    $added = for ($at = $Type; $at; $at = $at.BaseType) { (Get-TypeData $at.FullName).Members.Keys }
    $members + @($added -eq $Name) + @('Count', 'Length', 'PSObject', 'PSTypeNames' -eq $Name)
}

function Test-Count([System.Reflection.MethodBase] $Method, [int] $Count) {
    $parameters = $Method.GetParameters()
    $many = $parameters.Count -and $parameters[-1].CustomAttributes.AttributeType.Name -contains 'ParamArrayAttribute'
    $least = @($parameters | Where-Object { -not $_.IsOptional }).Count - [int]$many
    $Count -ge $least -and ($many -or $Count -le $parameters.Count)
}

# Whether any type has a method of this name that takes so many arguments. The module's own types count.
function Test-Method([string] $Name, [int] $Count) {
    if (-not $script:Methods) {
        $null = Get-ReferenceType 'System.Object'
        $script:Methods = @{}
        $own = @([System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -like 'Apiframe.*' })
        foreach ($method in @($script:References + $own).GetTypes().GetMethods()) {
            if (-not $script:Methods.ContainsKey($method.Name)) { $script:Methods[$method.Name] = [System.Collections.Generic.List[object]]::new() }
            $script:Methods[$method.Name].Add($method)
        }
    }
    foreach ($method in $script:Methods[$Name]) { if (Test-Count $method $Count) { return $true } }
    $false
}

# A string is taken for a script if it parses and calls a cmdlet that the scripts use.
function Find-EmbeddedProblem([Ast] $Node, [string[]] $Commands) {
    if ($Node.Value -notmatch '\w-\w' -or $Node.Value -notmatch '[;|\n(]') { return }
    # The name of a test, or what a program gets.
    if ($Node.Parent -is [CommandAst] -and $Node.Parent.GetCommandName() -notlike '*-*') { return }
    $errors = $null
    $ast = [Parser]::ParseInput($Node.Value, [ref]$null, [ref]$errors)
    if ($errors) { return }
    $called = $ast.FindAll({ $args[0] -is [CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() }
    if ($called | Where-Object { $_ -in $Known.Keys -or $_ -in $Commands }) { Find-WindowsPowerShellProblem $Node.Value -Command $Commands | ForEach-Object { "in a script: $_" } }
}

Export-ModuleMember -Function Find-WindowsPowerShellProblem
